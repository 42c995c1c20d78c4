"""Payers: who pays, by which contract, for whom, and what was authorized.

Payer: an insurer or a public program.
Profile: what one payer's contract says, field by field, from a day on; each answer carries its source and who set it.
Default: what holds for a field that the payer has not answered; every summary says which those are.
Coverage: one plan of one patient, in order: the primary pays first.
Authorization: the payer's number for one code, a first and a last day, and units.
"""
