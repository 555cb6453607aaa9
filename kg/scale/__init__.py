"""The same analysis on many processes: of this machine (``pool``) and of others (``cluster``)."""
