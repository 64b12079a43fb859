# The container image: the static binary and nothing else, not root, one volume.
#
#   docker build --build-arg BASALT_GIT_COMMIT=$(git rev-parse --short=12 HEAD) -t basalt .
#   docker run -p 8080:8080 -v basalt:/data basalt
#
# The set-up token for the first administrator stands in the log.

FROM node:22-bookworm-slim AS console
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM rust:1.95-bookworm AS binary
WORKDIR /src
COPY . .
COPY --from=console /src/web/dist web/dist
# `basalt version` shows it; the history itself is not copied.
ARG BASALT_GIT_COMMIT
RUN RUSTFLAGS="-C target-feature=+crt-static" \
    cargo build --locked --release --target x86_64-unknown-linux-gnu -p basalt \
    && mkdir -p /image/data /image/tmp \
    && cp target/x86_64-unknown-linux-gnu/release/basalt /image/basalt

FROM scratch
# 65532 is the usual number of "nonroot" where there is no /etc/passwd to name one.
COPY --from=binary --chown=65532:65532 /image/ /
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/basalt"]
CMD ["serve", "--host", "0.0.0.0", "--data", "/data"]
