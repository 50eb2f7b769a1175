# 5.2.4 old news do not undo new ones.
# Without that: a peer is to replace something, and has heard that it is another one.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=1 delay=0 nudge=0 kind=0 kind2=0 news=2 stale=0 refuses=0
start 0 60741 50441
run 0 63815 30809
medium 0 13518 7507
work 0 6616 43081
run 0 40462 30499
edit 0 38241 17956
medium 0 4518 13393
foreign 0 2370 6749
foreign 0 45494 644
news 0 37185 47700
news 0 5337 26144
