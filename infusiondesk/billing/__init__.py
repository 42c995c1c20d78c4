"""Billing: from the days of therapy to the lines of a claim; every day and every line says why.

Words of this work:
    per diem          one unit of a home-infusion S-code for one calendar day of one therapy
    payer profile     what one contract says where payers differ: which days count, modifiers, holds, drug units
    day ledger        one cell for each therapy and day: billable, held, inpatient, not covered or planned, with its reasons
    rank              the order of the therapies of one day; the first is sent without a modifier, then SH, then SJ
    held line         what is owed but must wait for a person or a payer; it is never lost and never sent
    span              the days of one line; consecutive, so that units always equal the span
    weekly therapy    dosed less often than every 72 hours: outside the per-diem structure, one unit per infusion day
"""
