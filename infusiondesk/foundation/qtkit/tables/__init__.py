"""Lists: declared columns, frozen rows, one generic model, one view that works from the keyboard.

    COLUMNS: Sequence[Column[ResultRow]] = (
        Column("", lambda row: "", tone=lambda row: TONES[row.urgency], shape=True, width=36),
        Column("Test", lambda row: row.test, strong=True, second=lambda row: row.patient, stretch=1),
        Column("Result", lambda row: row.value_text, sort=lambda row: row.value, right=True),
        Column("Why it is here", lambda row: row.because, wraps=True, stretch=2),
    )
    self.table: RowsTable[ResultRow] = RowsTable(COLUMNS, name="Results to review",
        empty=EmptyState("test-tube", "No results to review", "New results appear here by themselves."))
    self.table.activated_row.connect(self.open_result)      Enter or double click
    self.table.used.connect(self.review)                    Space, the usual action
    self.table.chosen_changed.connect(self.show_detail)     row or None
    self.desk.ask(self, queries.awaiting_review, self.table.show_rows)
    if row := self.table.chosen(): ...

Rows are recognised by `row.id` (or pass `key=`), so the chosen row stays chosen across `show_rows`. `group=lambda row:
"Could harm now"` draws a title above each run of equal groups. `show_rows(rows, total=8214)` says "first 500 of 8,214".
`recedes=lambda row: row.is_done` draws what is
done quietly. `narrow("van")` filters what is shown. A right click on the header chooses columns.
"""

from infusiondesk.foundation.qtkit.tables.column import Column
from infusiondesk.foundation.qtkit.tables.model import ROW_ROLE, SORT_ROLE, RowsModel
from infusiondesk.foundation.qtkit.tables.table import RowsTable

__all__ = ["ROW_ROLE", "SORT_ROLE", "Column", "RowsModel", "RowsTable"]
