"""Decisions about payers: what a profile field may hold, which coverage counts, how an authorization stands."""
