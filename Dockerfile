# The newsvane daemon in a container.
#
#   docker build -t newsvane .
#   docker run --rm -v newsvane-data:/data newsvane token create me --scope admin
#   docker run --init --stop-timeout 15 -p 127.0.0.1:8780:8780 -v newsvane-data:/data newsvane
#
# --init: the parsing processes are killed when they overrun, and an init reaps what they leave behind.
# --stop-timeout: the daemon takes up to 10 s to finish or hand back what it is doing.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/newsvane
WORKDIR /src
# The libraries come first: this layer is rebuilt only when the lock changes.
COPY requirements.txt ./
RUN /opt/newsvane/bin/pip install --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY migrations ./migrations
COPY scrapers ./scrapers
COPY service ./service
RUN /opt/newsvane/bin/pip install --no-deps .

FROM python:3.11-slim
# A fixed id, so that the owner of a mounted /data can be set before the first start.
RUN groupadd --gid 10001 newsvane \
    && useradd --uid 10001 --gid 10001 --no-log-init --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin newsvane \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data
COPY --from=build /opt/newsvane /opt/newsvane

# In a container the page must listen on every address to be reached at all, so it starts only when a token exists.
ENV PATH=/opt/newsvane/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NEWSVANE_DATABASE_URL=sqlite+aiosqlite:////data/newsvane.db \
    NEWSVANE_LISTEN=0.0.0.0:8780

USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8780
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=15s --start-period=30s --retries=3 CMD ["newsvane", "doctor", "--quick"]
ENTRYPOINT ["newsvane"]
CMD ["run"]
