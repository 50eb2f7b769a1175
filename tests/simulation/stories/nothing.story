# Two processes that do nothing.
world processes=2
start 0 0 0
start 1 0 0
