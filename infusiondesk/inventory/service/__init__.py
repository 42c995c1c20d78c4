"""What is done at the shelf. Every count changes by a movement with a name."""

from infusiondesk.inventory.service.biennial import (
    add_to_biennial,
    begin_biennial,
    count_biennial,
    sign_biennial,
    sign_counted,
    withdraw_biennial,
)
from infusiondesk.inventory.service.controlling import lay_out, withdraw_disposal, witness_disposal
from infusiondesk.inventory.service.counting import (
    begin_count,
    count_lot,
    end_count,
    enter_count,
)
from infusiondesk.inventory.service.discrepancies import record_form_filed, record_loss_told, resolve_discrepancy
from infusiondesk.inventory.service.doubting import (
    clear_apart,
    clear_lot,
    end_investigation,
    quarantine_lot,
    suspect_lot,
)
from infusiondesk.inventory.service.moving import (
    holding_at,
    holdings_of,
    move,
    set_apart,
    take,
    witness_of,
)
from infusiondesk.inventory.service.places import (
    add_location,
    change_item,
    rename_location,
    retire_location,
    stock_item,
)
from infusiondesk.inventory.service.policy import set_controlled_policy
from infusiondesk.inventory.service.recalling import (
    open_recall,
)
from infusiondesk.inventory.service.receiving import (
    begin_receipt,
    correct_expiry,
    correct_receipt,
    receive_lot,
)
from infusiondesk.inventory.service.taking import (
    destroy_lot,
    destroy_returned,
    move_lot,
    return_to_vendor,
    return_unused,
    send_lot,
    use_lot,
    waste_lot,
)
from infusiondesk.inventory.service.wasting import lay_out_waste, withdraw_waste, witness_waste

__all__ = [
    "add_location",
    "add_to_biennial",
    "begin_biennial",
    "begin_count",
    "begin_receipt",
    "change_item",
    "clear_apart",
    "clear_lot",
    "correct_expiry",
    "correct_receipt",
    "count_biennial",
    "count_lot",
    "destroy_lot",
    "destroy_returned",
    "end_count",
    "end_investigation",
    "enter_count",
    "holding_at",
    "holdings_of",
    "lay_out",
    "lay_out_waste",
    "move",
    "move_lot",
    "open_recall",
    "quarantine_lot",
    "receive_lot",
    "record_form_filed",
    "record_loss_told",
    "rename_location",
    "resolve_discrepancy",
    "retire_location",
    "return_to_vendor",
    "return_unused",
    "send_lot",
    "set_apart",
    "set_controlled_policy",
    "sign_biennial",
    "sign_counted",
    "stock_item",
    "suspect_lot",
    "take",
    "use_lot",
    "waste_lot",
    "withdraw_biennial",
    "withdraw_disposal",
    "withdraw_waste",
    "witness_disposal",
    "witness_of",
    "witness_waste",
]
