"""Pure building blocks: no database, no Qt, no clock of their own."""
