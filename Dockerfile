# docker build -t alert-threader .
#
# Both images from a mirror: --build-arg BUILD_IMAGE=… --build-arg RUN_IMAGE=…
# A registry of your own for npm: --secret id=npmrc,src=$HOME/.npmrc, which leaves nothing in the image.
# By digest, so that nobody can put another image behind the tag; renovate.json keeps them new.
ARG BUILD_IMAGE=docker.io/library/node:24-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66
# Node and what it is linked with: no shell, no package manager, nothing to update but those.
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot@sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e

# What is made here is JavaScript alone, so that the builder's own architecture makes it for all of them.
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# No package's install script runs, here and below. What is optional is a compiler, of 20 MB.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
# Declarations and source maps of packages are half of their size, and nothing reads them.
RUN find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -delete
RUN mkdir /state

FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm \
    npm ci --omit=optional --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN node_modules/.bin/tsc -p tsconfig.build.json

FROM ${RUN_IMAGE}
# For who runs `node` in the container by name.
ENV NODE_ENV=production \
    PATH=/nodejs/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY tools/image/healthcheck.mjs ./
COPY --from=build /app/dist dist
# A new volume takes its owner from here.
COPY --from=packages --chown=65532:65532 /state /var/lib/alert-threader
# Declared, so that threads survive a container that was started with nothing mounted, and a read-only root does no harm.
VOLUME /var/lib/alert-threader
USER 65532:65532
EXPOSE 9009
# The process alone: Swarm ends what is unhealthy, and no restart mends Slack or Redis. A start takes 1 s, and 10 s more
# while Redis is away.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "healthcheck.mjs"]
# As process 1: it handles the signals itself and starts no processes, so it needs no init.
ENTRYPOINT ["node", "dist/main.js"]
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Alert Threader" \
      org.opencontainers.image.description="One Slack thread for one problem: takes Alertmanager and Grafana webhooks." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
