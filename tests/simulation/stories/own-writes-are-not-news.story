# 5.2.4 own writes are not news.
# Without that: a medium is read for no reason.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0
