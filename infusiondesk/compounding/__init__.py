"""What is made in the clean room: formulas, worksheets, batches, checks and beyond-use dates.

Words of this work:
    beyond-use date   the time by which administration of a compounded preparation must have started; never "expiry"
    in-use limit      how long a punctured container may still be entered; it says nothing of the life of what is made from it
    stability         how long the drug stays itself in this diluent, container, concentration and storage
    worksheet         the volumes of one batch, frozen when a pharmacist approves it
    release           a pharmacist other than the compounder lets a batch leave the clean room
"""
