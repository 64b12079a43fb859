COPY a FROM STDIN;
COPY a TO '/tmp/program';
