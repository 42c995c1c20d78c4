"""Settings, Staff: who works here, as what, with which licences."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from infusiondesk.foundation.kernel.ismp import day
from infusiondesk.foundation.kernel.people import Area, Role
from infusiondesk.foundation.qtkit.desk import Desk
from infusiondesk.foundation.qtkit.editor import Editor
from infusiondesk.foundation.qtkit.forms import ChoiceField, DateField, MultiChoiceField, TextField
from infusiondesk.foundation.qtkit.frame.list_detail import ListDetail
from infusiondesk.foundation.qtkit.parts.arrange import STRETCH, down, holding
from infusiondesk.foundation.qtkit.parts.button import Button
from infusiondesk.foundation.qtkit.parts.empty import EmptyState
from infusiondesk.foundation.qtkit.parts.facts import Fact, FactList
from infusiondesk.foundation.qtkit.parts.text import Text
from infusiondesk.foundation.qtkit.screen import Screen
from infusiondesk.foundation.qtkit.tables import Column, RowsTable
from infusiondesk.foundation.qtkit.tokens import Tone
from infusiondesk.staff import queries, service
from infusiondesk.staff.queries import PersonRow
from infusiondesk.staff.rules import LicenceDraft, PasswordDraft, PersonDraft, RolesDraft

ROLES = [role.value for role in Role]
KINDS = ["RPh", "CPhT", "RN", "LPN", "RD"]


def _next_expiry(row: PersonRow) -> str:
    return day(row.next_expiry) if row.next_expiry else "no licence"


def _tone(row: PersonRow) -> Tone:
    return "neutral" if row.is_retired else "done"


COLUMNS: Sequence[Column[PersonRow]] = (
    Column("Name", lambda row: row.name, strong=True, stretch=2, width=150),
    Column("Roles", lambda row: ", ".join(role.value for role in row.roles), wraps=True, stretch=2),
    Column("Signs in as", lambda row: row.login, stretch=1),
    Column("Next licence expiry", _next_expiry, sort=lambda row: str(row.next_expiry or ""), width=136),
    Column("Account", lambda row: "closed" if row.is_retired else "open", tone=_tone, shape=True, width=100),
)


class PeopleScreen(Screen):
    """Everybody with an account; the administrator adds people, gives roles, enters licences, closes accounts."""

    stale_on = frozenset({Area.STAFF})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._add = self.act("Add a person", "Ctrl+N", self.add_person, service.add_person)
        self.page = ListDetail("Staff", "accounts, roles and licences", actions=[Button.for_action(self._add, icon="user-plus")])
        self.table: RowsTable[PersonRow] = RowsTable(
            COLUMNS, name="Staff", empty=EmptyState("users", "Nobody yet", "People with an account will be listed here.")
        )
        self.page.set_list(self.table)
        self.page.set_foot_keys([("Up Down", "move"), ("Ctrl+N", "add a person")])
        self.table.chosen_changed.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)

    def reload(self) -> None:
        self.desk.ask(self, queries.people, self.table.show_rows)

    def open_editor(self, name: str) -> None:
        if name == "person":
            self.add_person()

    def add_person(self) -> None:
        fields = [
            TextField("name", "Name", required=True, hint="as it stands under a signature"),
            TextField("login", "Signs in as", required=True),
            MultiChoiceField("roles", "Roles", choices=ROLES),
            TextField("password", "First password", required=True, hint="the person types it", secret=True),
        ]
        self._edit(
            Editor(self.desk, "person", "Add a person", fields, PersonDraft(), service.add_person, said="The account is open.")
        )

    def enter_licence(self, row: PersonRow) -> None:
        fields = [
            ChoiceField("kind", "Kind", choices=[(kind, kind) for kind in KINDS]),
            TextField("state", "State", required=True, hint="two letters"),
            TextField("number", "Number", required=True),
            DateField("expires_on", "Expires", required=True),
        ]
        self._edit(
            Editor(
                self.desk,
                "licence",
                f"Licence of {row.name}",
                fields,
                LicenceDraft(),
                service.enter_licence,
                given=lambda draft: {"person_id": row.id, "draft": draft},
                said="Licence entered.",
            )
        )

    def change_roles(self, row: PersonRow) -> None:
        self._edit(
            Editor(
                self.desk,
                "roles",
                f"Roles of {row.name}",
                [MultiChoiceField("roles", "Roles", choices=ROLES)],
                RolesDraft([role.value for role in row.roles]),
                service.change_roles,
                given=lambda draft: {"person_id": row.id, "roles": list(draft.roles)},
                said="Roles changed.",
            )
        )

    def renew_password(self, row: PersonRow) -> None:
        fields = [
            TextField("password", "New password", required=True, secret=True, hint="the person types it"),
            TextField("again", "Again", required=True, secret=True),
        ]
        self._edit(
            Editor(
                self.desk,
                "password",
                f"New password for {row.name}",
                fields,
                PasswordDraft(),
                service.renew_password,
                given=lambda draft: {"person_id": row.id, "password": draft.password},
                said="The new password holds from now on.",
            )
        )

    def _edit(self, editor: Editor) -> None:
        self.begin(editor)
        self.page.show_detail(editor, editor.save, editor.cancel)
        self.page.open_drawer()
        editor.saved.connect(lambda _: self._show(self.table.chosen()))
        editor.cancelled.connect(lambda: self._show(self.table.chosen()))

    def _show(self, row: PersonRow | None) -> None:
        if self.editor is not None:
            return
        if row is None:
            self.page.show_detail(None)
            return
        facts = [
            Fact("Signs in as", row.login),
            Fact("Roles", ", ".join(role.value for role in row.roles)),
            *(
                Fact(f"{licence.kind}, {licence.state}", f"{licence.number}, until {day(licence.expires_on)}")
                for licence in row.licences
            ),
        ]
        licence = Button("Enter a licence", "primary", icon="identification-card")
        licence.clicked.connect(lambda: self.enter_licence(row))
        roles = Button("Change roles")
        roles.clicked.connect(lambda: self.change_roles(row))
        password = Button("New password")
        password.clicked.connect(lambda: self.renew_password(row))
        close = Button("Close account")
        close.clicked.connect(lambda: self.desk.do(self, service.close_account, said="The account is closed.", person_id=row.id))
        permissions = (
            (licence, service.enter_licence),
            (roles, service.change_roles),
            (password, service.renew_password),
            (close, service.close_account),
        )
        for button, verb in permissions:
            if sentence := self.desk.refusal(verb.permission):
                button.forbid(sentence)
            elif row.is_retired:
                button.forbid("This account is closed.")
        self.page.show_detail(
            holding(down(Text(row.name, 20, 600, wraps=True), FactList(facts), STRETCH, gap=12)), licence, roles, close
        )
