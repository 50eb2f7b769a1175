# 5.2.6 the next change tries again at once.
# Without that: a peer does not try again at once.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=1 foreign=0 delay=0 nudge=1
start 2 1 0
outage 0 64429 45830
run 2 11412 1027
medium 2 42336 50887
run 2 52997 14337
edit 0 3574 5091
medium 0 60746 34683
