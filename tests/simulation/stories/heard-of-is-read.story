# 5.2.4 what was heard of is read before it is replaced.
# Without that: a peer is to replace something, and has heard that it is another one.
world processes=3 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=0 delay=0 nudge=0 kind=0 kind2=0 news=0 stale=0 refuses=0
start 0 1 0
start 2 1 0
run 2 40353 9697
medium 1 4510 7620
run 0 9441 48046
work 2 23755 14263
run 2 24515 65217
medium 1 47636 37404
medium 2 18068 387
medium 1 39754 59955
news 0 25370 13248
