"""What is done with deliveries, from the open box over the road to what came back and is destroyed."""

from infusiondesk.dispensing.service.after import bring_back, destroy_bags, judge_bags
from infusiondesk.dispensing.service.beginning import begin_ticket, begin_without_bags
from infusiondesk.dispensing.service.kits import (
    edit_kit_line,
    enter_kit_line,
    record_home_count,
    retire_kit_line,
    sign_kit_lines,
)
from infusiondesk.dispensing.service.packing import cancel_ticket, finish_packing, scan_bag, take_off
from infusiondesk.dispensing.service.policy import (
    correct_shipper,
    enter_delivery_day,
    enter_shipper,
    retire_shipper,
    set_delivery_rule,
    sign_shipper,
)
from infusiondesk.dispensing.service.road import (
    confirm_delivery,
    leave_delivery,
    record_call,
    refuse_delivery,
    return_delivery,
    ship_ticket,
)
from infusiondesk.dispensing.service.routes import move_stop, put_on_route, take_off_route
from infusiondesk.dispensing.service.scanning import scan_item, set_quantity

__all__ = [
    "begin_ticket",
    "begin_without_bags",
    "bring_back",
    "cancel_ticket",
    "confirm_delivery",
    "correct_shipper",
    "destroy_bags",
    "edit_kit_line",
    "enter_delivery_day",
    "enter_kit_line",
    "enter_shipper",
    "finish_packing",
    "judge_bags",
    "leave_delivery",
    "move_stop",
    "put_on_route",
    "record_call",
    "record_home_count",
    "refuse_delivery",
    "retire_kit_line",
    "retire_shipper",
    "return_delivery",
    "scan_bag",
    "scan_item",
    "set_delivery_rule",
    "set_quantity",
    "ship_ticket",
    "sign_kit_lines",
    "sign_shipper",
    "take_off",
    "take_off_route",
]
