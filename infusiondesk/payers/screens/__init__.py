"""What people see of payers."""
