"""Screens of orders: the queue of the verifying pharmacist, and all orders of a patient."""
