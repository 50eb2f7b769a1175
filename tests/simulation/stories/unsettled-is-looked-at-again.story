# 5.2.4 old news do not undo that something has to be looked at again.
# Without that: a peer is to replace something, and has heard that it is another one.
world processes=1 media=1 mode=0 digests=0 variants=0 threads=0 late=0 echo=0 defaults=0 faults=0 foreign=1 delay=0 nudge=0 kind=0 kind2=0 news=2 stale=0 refuses=0
start 0 0 0
transaction 0 4240 60697
transaction 0 48394 51432
run 0 19579 21115
medium 0 31093 3061
work 0 51187 27618
run 0 32471 53512
medium 0 34017 1617
edit 0 54021 64889
foreign 0 60707 8717
news 0 57873 11014
work 0 25874 61301
news 0 48853 48380
run 0 10922 21086
medium 0 54970 51540
work 0 2632 60748
run 0 64261 54240
time 0 21191 4405
