# Newsstand with content/ and its index inside. Build: docker build -t newsstand .
# Run: docker run --rm -p 8000:8000 newsstand
# With articles of your own: add -v /path/to/articles:/srv/newsstand/content:ro
# With an index that outlives the container: add -v newsstand-index:/srv/newsstand/index

FROM python:3.11-slim AS build
WORKDIR /build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# For the inner loops of searches; only what it makes gets into the image.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
RUN python -m venv /opt/newsstand
ENV PATH=/opt/newsstand/bin:$PATH

# The dependencies in a layer of their own, which a change of the code leaves in place.
COPY pyproject.toml constraints.txt ./
# `docker build --build-arg EXTRA=opensearch` adds the client of clusters.
ARG EXTRA=
RUN python -c "import os, tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
extra = project['optional-dependencies'].get(os.environ.get('EXTRA'), []); \
print(*project['dependencies'], *extra, sep='\n')" \
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
# `docker build --build-arg REVISION=$(git rev-parse HEAD)` tells from what an image was built.
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Newsstand" \
      org.opencontainers.image.description="A folder of news articles as a GraphQL API with full-text search" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision=$REVISION \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 newsstand \
    && useradd --uid 10001 --gid newsstand --home-dir /srv/newsstand --no-create-home --shell /usr/sbin/nologin newsstand
COPY --from=build /opt/newsstand /opt/newsstand
# Owned by the user, so that a mounted content folder can be indexed, also into a new volume, which takes its owner.
COPY --from=build --chown=10001:10001 /srv/newsstand /srv/newsstand
# By number, so that an orchestrator sees that it is not root.
USER 10001:10001
WORKDIR /srv/newsstand
ENV PATH=/opt/newsstand/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    NEWSSTAND_CONTENT=/srv/newsstand/content \
    NEWSSTAND_INDEX=/srv/newsstand/index \
    NEWSSTAND_HOST=0.0.0.0 \
    NEWSSTAND_PORT=8000
VOLUME /srv/newsstand/index
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:${NEWSSTAND_PORT}/readyz', timeout=4)"
CMD ["newsstand", "serve"]
