# A static `lockkeeper`. Not tried yet where this was written, as there were no base images.
#
#   docker build -t lockkeeper .                      with git, for --since and --staged
#   docker build -t lockkeeper --target static .      nothing but the program
#   docker run --rm -v "$PWD:/repo" lockkeeper check --since origin/main
FROM rust:1-bookworm AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libclang-dev musl-tools \
 && rm -rf /var/lib/apt/lists/*
RUN rustup target add "$(uname -m)-unknown-linux-musl"
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package lockkeeper-cli --target "$(uname -m)-unknown-linux-musl" \
 && cp "target/$(uname -m)-unknown-linux-musl/release/lockkeeper" /lockkeeper

FROM scratch AS static
# Whom the machine trusts, for `comment` and for servers behind TLS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /lockkeeper /lockkeeper
WORKDIR /repo
ENTRYPOINT ["/lockkeeper"]

FROM alpine:3 AS program
# The mounted repository belongs to somebody else.
RUN apk add --no-cache git ca-certificates && git config --system --add safe.directory '*'
COPY --from=build /lockkeeper /usr/local/bin/lockkeeper
USER nobody
WORKDIR /repo
ENTRYPOINT ["lockkeeper"]
