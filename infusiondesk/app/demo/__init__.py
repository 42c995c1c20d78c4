"""The demonstration pharmacy: made-up people and three months of work, told through the same verbs that the windows use."""

# Published on purpose: every one of its people signs in with it.
STAFF_PASSWORD = "demonstration only too"
