# syntax=docker/dockerfile:1
# maddyc in a container: docker run --rm -v "$PWD:/etc/maddy:ro" maddyc check
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN node scripts/setup.mjs && node scripts/build.ts

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Only what is not in the bundles: password hashes, built for this platform. The image has a Node of its own.
RUN npm install --no-save --no-audit --no-fund --omit=dev --workspaces=false \
    && rm -rf node_modules/node-linux-* node_modules/.bin \
    && mkdir -p /state/var/lib/maddy /state/run/maddy

# No shell, no package manager; the user is 65532.
FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /etc/maddy
COPY --from=dependencies /app/node_modules /app/node_modules
COPY --from=dependencies --chown=65532:65532 /state/ /
COPY --from=build /src/package.json /src/LICENSE /app/
COPY --from=build /src/bin /app/bin
COPY --from=build /src/dist /app/dist
USER 65532:65532
EXPOSE 25 465 587
VOLUME ["/var/lib/maddy"]
ENTRYPOINT ["/nodejs/bin/node", "/app/bin/maddyc.cjs"]
CMD ["run"]
