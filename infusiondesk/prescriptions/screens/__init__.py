"""The screens of prescriptions."""
