"""What people see of patients."""
