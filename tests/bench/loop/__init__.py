"""What an ordinary Django app would do: one case at a time, with django-fsm and django-fsm-log. For comparison only."""
