# Newsstand with content/ and its index inside. Build: docker build -t newsstand .
# Run: docker run --rm -p 8000:8000 newsstand
# With articles of your own: add -v /path/to/articles:/srv/newsstand/content:ro

FROM python:3.11-slim AS build
WORKDIR /build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/newsstand
ENV PATH=/opt/newsstand/bin:$PATH

# The dependencies in a layer of their own, which a change of the code leaves in place.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
        > requirements.txt \
    && pip install --only-binary :all: --constraint constraints.txt --requirement requirements.txt

COPY README.md LICENSE ./
COPY indexer indexer
COPY schema schema
COPY gateway gateway
RUN pip wheel --no-deps --wheel-dir dist . && pip install --no-deps dist/*.whl

COPY content /srv/newsstand/content
RUN newsstand index --content /srv/newsstand/content --index /srv/newsstand/index


FROM python:3.11-slim
RUN useradd --system --home-dir /srv/newsstand --shell /usr/sbin/nologin newsstand
COPY --from=build /opt/newsstand /opt/newsstand
# Owned by the user, so that a mounted content folder can be indexed.
COPY --from=build --chown=newsstand:newsstand /srv/newsstand /srv/newsstand
USER newsstand
WORKDIR /srv/newsstand
ENV PATH=/opt/newsstand/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    NEWSSTAND_CONTENT=/srv/newsstand/content \
    NEWSSTAND_INDEX=/srv/newsstand/index \
    NEWSSTAND_HOST=0.0.0.0 \
    NEWSSTAND_PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:${NEWSSTAND_PORT}/readyz', timeout=4)"
CMD ["newsstand", "serve"]
