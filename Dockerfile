# One image for every role: `docker run custody collector ...`, `... processor ...`, `... index ...`.
# Both stages are based on glibc: the native parts of Conscrypt and RocksDB need it.

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
# Tests and the format check are for those who change the sources.
RUN mvn -B --no-transfer-progress -DskipTests -Dspotless.check.skip=true package

FROM eclipse-temurin:25-jre
# The launcher beside a jar and without sources: it neither builds nor needs a compiler.
COPY --from=build /src/custody /src/LICENSE /opt/custody/
COPY --from=build /src/query-cli/target/lib /opt/custody/query-cli/target/lib
COPY --from=build /src/query-cli/target/custody-query-cli.jar /opt/custody/query-cli/target/
# A volume that is mounted here for the first time takes over the owner of the directory. The uid is
# fixed, so that the files in a volume stay this user's with every later image.
RUN groupadd --gid 10001 custody \
 && useradd --uid 10001 --gid custody --create-home --shell /usr/sbin/nologin custody \
 && ln -s /opt/custody/custody /usr/local/bin/custody \
 && install -d -o custody -g custody -m 0700 /var/lib/custody /var/lib/custody-wrapping /var/lib/custody-tokens /var/lib/custody-trust
USER 10001:10001
WORKDIR /home/custody
ENV CUSTODY_DATA=/var/lib/custody
ENTRYPOINT ["/opt/custody/custody"]
CMD ["--help"]
