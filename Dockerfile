FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json bundle.mjs first-database.mjs ./
COPY migrations ./migrations
COPY graphiql ./graphiql
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /app
# All of /app stays root's: the process can read its code and policies, and change neither.
COPY package.json LICENSE ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY policy ./policy
# Used by the embedded database alone, where no DATABASE_URL is given.
RUN install --directory --owner=node --group=node --mode=0700 /data
USER node
EXPOSE 4000
# The image holds no curl. Ready means that the database answers too.
HEALTHCHECK --interval=10s --timeout=4s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1))"]
# Without a shell in between, so that SIGTERM reaches the gateway and it ends what it began.
CMD ["node", "dist/gatehouse/main.js"]
