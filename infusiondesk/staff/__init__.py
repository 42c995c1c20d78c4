"""Staff: who works here, as what, with which licences.

Person: an account of one human being; never shared, never used again for another.
Role: what a person may do (`foundation.kernel.people.Role`); one person may hold several.
Licence: a state's permission to practise, with its expiry; a signature names the one that is current.
Enrol: give a person a password of his own; the store's key is wrapped for him.
"""
