#!/usr/bin/env bash
# Makes the fixtures of `basalt adopt` anew: installs each migration tool at a pinned version, lets it migrate a new database on the real
# servers, and dumps what it left, with tool and version in the first line. Not part of `make test`: the dumps are committed.
#
#   cargo xtask servers up && scripts/adopt-fixtures.sh [TOOL...]
#
# Needs node, Java with Maven, Go, Python and, for sqitch and Rails, Debian's packages (it names the command). The command line of Atlas is in none of
# these registries (its Go module is kept back, its npm package only downloads it): its fixture is written by hand after its documentation.
set -euo pipefail
cd "$(dirname "$0")/.."
servers=${BASALT_SERVERS:-${CARGO_TARGET_DIR:-target}/servers.json}
tools=${ADOPT_TOOLS:-$HOME/.cache/basalt-adopt-tools}
fixtures=$PWD/crates/basalt/tests/it/adopt/fixtures
DBMATE=2.36.0 FLYWAY=12.10.0 LIQUIBASE=4.33.0 MIGRATE=4.19.1 ALEMBIC=1.17.2 SQLALCHEMY=2.0.44
mkdir -p "$tools"

of() { node -e 'const s = require(require("path").resolve(process.argv[1]))[process.argv[2]]; console.log(s[process.argv[3]])' "$servers" "$1" "$2"; }
pg_port=$(of postgres port) pg_user=$(of postgres user) pg_password=$(of postgres password)
my_port=$(of mariadb port) my_user=$(of mariadb user) my_password=$(of mariadb password)
export PGPASSWORD=$pg_password PGHOST=127.0.0.1 PGPORT=$pg_port PGUSER=$pg_user
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=adopt_fixture

maria() { mariadb --no-defaults -h 127.0.0.1 -P "$my_port" -u "$my_user" -p"$my_password" "$@"; }
fresh() { # engine
  case $1 in
    postgres) psql -qX -d postgres -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" -c "CREATE DATABASE $name" 2>/dev/null ;;
    mariadb) maria -e "DROP DATABASE IF EXISTS $name; CREATE DATABASE $name CHARACTER SET utf8mb4" ;;
    sqlite) rm -f "$work/$name.db" ;;
  esac
}
url() { # engine, scheme of PostgreSQL, scheme of MariaDB
  case $1 in
    postgres) echo "$2://$pg_user:$pg_password@127.0.0.1:$pg_port/$name" ;;
    mariadb) echo "$3://$my_user:$my_password@127.0.0.1:$my_port/$name" ;;
    sqlite) echo "sqlite:///$work/$name.db" ;;
  esac
}
dump() { # engine, file, tool and version
  local to=$fixtures/$2
  {
    echo "-- Made by $3 with scripts/adopt-fixtures.sh. Do not edit."
    case $1 in
      # Settings of the dumping session, and commands of psql, are not of the database.
      postgres) pg_dump --no-owner --no-privileges --column-inserts -d $name | grep -vE '^(SET |SELECT pg_catalog.set_config|--|\\|$)' ;;
      # Tables come by name, and so before those that they refer to.
      mariadb) echo 'SET FOREIGN_KEY_CHECKS = 0;'; mariadb-dump --no-defaults -h 127.0.0.1 -P "$my_port" -u "$my_user" -p"$my_password" --compact --complete-insert --skip-triggers --ignore-table=$name.titles $name | grep -vE '^/\*(!|M!)|^SET (@|character)|^$' ;;
      sqlite) sqlite3 "$work/$name.db" .dump | grep -vE '^(PRAGMA|BEGIN TRANSACTION|COMMIT)' ;;
    esac
  } > "$to"
  echo "wrote ${to#"$PWD/"}"
}
fails() { # a command that has to fail
  if "$@" > "$work/out" 2>&1; then cat "$work/out"; echo "should have failed: $*" >&2; exit 1; fi
}

dbmate_() {
  mkdir -p "$tools/npm"
  npm install --silent --no-audit --no-fund --prefix "$tools/npm" "dbmate@$DBMATE"
  for engine in postgres mariadb sqlite; do
    fresh $engine
    local at; at=$(url $engine postgres mysql); at=${at/sqlite:\/\/\//sqlite:/}
    [ $engine = postgres ] && at="$at?sslmode=disable"
    "$tools/npm/node_modules/.bin/dbmate" --url "$at" --no-dump-schema --migrations-dir "$fixtures/dbmate/migrations" up
    dump $engine dbmate/$engine.sql "dbmate $DBMATE"
  done
}

jdbc() { # engine
  [ "$1" = postgres ] && echo "jdbc:postgresql://127.0.0.1:$pg_port/$name" || echo "jdbc:mariadb://127.0.0.1:$my_port/$name"
}
maven() { # plugin's arguments
  mkdir -p "$tools/mvn"
  local drivers='<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>42.7.4</version></dependency>
    <dependency><groupId>org.mariadb.jdbc</groupId><artifactId>mariadb-java-client</artifactId><version>3.5.1</version></dependency>'
  cat > "$tools/mvn/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>basalt</groupId><artifactId>adopt-fixtures</artifactId><version>1</version><packaging>pom</packaging>
  <build><plugins>
    <plugin><groupId>org.flywaydb</groupId><artifactId>flyway-maven-plugin</artifactId><version>$FLYWAY</version><dependencies>
      <dependency><groupId>org.flywaydb</groupId><artifactId>flyway-database-postgresql</artifactId><version>$FLYWAY</version></dependency>
      <dependency><groupId>org.flywaydb</groupId><artifactId>flyway-mysql</artifactId><version>$FLYWAY</version></dependency>
      $drivers</dependencies></plugin>
    <plugin><groupId>org.liquibase</groupId><artifactId>liquibase-maven-plugin</artifactId><version>$LIQUIBASE</version><dependencies>$drivers</dependencies></plugin>
  </plugins></build>
</project>
XML
  mvn -q -B -f "$tools/mvn/pom.xml" "$@"
}

flyway_() {
  for engine in postgres mariadb; do
    local user=$pg_user password=$pg_password
    [ $engine = mariadb ] && user=$my_user password=$my_password
    flyway() { # goal, folder, more
      maven "flyway:$1" "-Dflyway.url=$(jdbc $engine)" "-Dflyway.user=$user" "-Dflyway.password=$password" "-Dflyway.locations=filesystem:$2" "${@:3}"
    }
    fresh $engine
    # The first two, then one that comes late, then one that fails half way.
    mkdir -p "$work/flyway" && cp "$fixtures"/flyway/migrations/{V1__,V2.1__,R__}* "$work/flyway/"
    flyway migrate "$work/flyway"
    cp "$fixtures"/flyway/migrations/V1.5__* "$work/flyway/"
    flyway migrate "$work/flyway" -Dflyway.outOfOrder=true
    cp "$fixtures"/flyway/migrations/V3__* "$work/flyway/"
    fails flyway migrate "$work/flyway" -Dflyway.outOfOrder=true
    dump $engine flyway/$engine.sql "Flyway $FLYWAY"
    rm -r "$work/flyway"
    # A database that was taken over at version 2.1.
    fresh $engine
    flyway baseline "$fixtures/flyway/migrations" -Dflyway.baselineVersion=2.1 -Dflyway.baselineDescription=before
    dump $engine flyway/baseline-$engine.sql "Flyway $FLYWAY"
  done
}

liquibase_() {
  for engine in postgres mariadb; do
    local user=$pg_user password=$pg_password
    [ $engine = mariadb ] && user=$my_user password=$my_password
    fresh $engine
    maven liquibase:update "-Dliquibase.url=$(jdbc $engine)" "-Dliquibase.username=$user" "-Dliquibase.password=$password" \
      "-Dliquibase.searchPath=$fixtures/liquibase" -Dliquibase.changeLogFile=changelog.yaml
    dump $engine liquibase/$engine.sql "Liquibase $LIQUIBASE"
  done
}

golang_migrate_() {
  GOBIN=$tools/bin go install -tags 'postgres mysql' "github.com/golang-migrate/migrate/v4/cmd/migrate@v$MIGRATE"
  for engine in postgres mariadb; do
    local at; at=$(url $engine postgres mysql)
    [ $engine = mariadb ] && at="mysql://$my_user:$my_password@tcp(127.0.0.1:$my_port)/$name" || at="$at?sslmode=disable"
    fresh $engine
    "$tools/bin/migrate" -path "$fixtures/golang-migrate/migrations" -database "$at" up 2
    dump $engine golang-migrate/$engine.sql "golang-migrate $MIGRATE"
    fails "$tools/bin/migrate" -path "$fixtures/golang-migrate/migrations" -database "$at" up
    dump $engine golang-migrate/dirty-$engine.sql "golang-migrate $MIGRATE"
  done
}

alembic_() {
  [ -x "$tools/py/bin/alembic" ] || python3 -m venv "$tools/py"
  "$tools/py/bin/pip" -q install "alembic==$ALEMBIC" "SQLAlchemy==$SQLALCHEMY" psycopg2-binary==2.9.11 PyMySQL==1.1.2
  cd "$fixtures/alembic"
  for engine in postgres mariadb sqlite; do
    fresh $engine
    local at; at=$(url $engine postgresql+psycopg2 mysql+pymysql)
    export DATABASE_URL=$at PYTHONDONTWRITEBYTECODE=1
    "$tools/py/bin/alembic" upgrade 27c6a30d7c24
    dump $engine alembic/$engine.sql "alembic $ALEMBIC"
    mkdir -p $engine
    # What its users would do: each revision as SQL, one file a version.
    "$tools/py/bin/alembic" upgrade base:ae1027a6acf1 --sql > $engine/0001_books.sql
    "$tools/py/bin/alembic" upgrade ae1027a6acf1:27c6a30d7c24 --sql > $engine/0002_authors.sql
    "$tools/py/bin/alembic" upgrade 27c6a30d7c24:0f3b5d9e1c22 --sql > $engine/0003_shelves.sql
  done
  cd - > /dev/null
}

sqitch_() {
  command -v sqitch > /dev/null || { echo "apt-get install -y sqitch libdbd-pg-perl libdbd-mysql-perl" >&2; exit 1; }
  local version; version=$(sqitch --version | sed 's/.*v//')
  export SQITCH_FULLNAME=Ada SQITCH_EMAIL=ada@example.com
  cp -r "$fixtures/sqitch" "$work/sqitch"
  for engine in postgres mariadb; do
    fresh $engine
    local at kind=pg; at=$(url $engine db:pg db:mysql)
    [ $engine = mariadb ] && kind=mysql
    printf '[core]\n\tengine = %s\n' $kind > "$work/sqitch/sqitch.conf"
    # On MariaDB the registry is a database; here it is the database itself, so that one dump has it.
    local registry=sqitch
    [ $engine = mariadb ] && registry=$name
    (cd "$work/sqitch" && sqitch deploy --registry $registry --to authors "$at" && fails sqitch deploy --registry $registry "$at")
    dump $engine sqitch/$engine.sql "sqitch $version"
  done
}

rails_() {
  ruby -e 'require "active_record"' 2> /dev/null || { echo "apt-get install -y ruby-activerecord ruby-pg ruby-mysql2" >&2; exit 1; }
  local version; version=$(ruby -e 'require "active_record"; print ActiveRecord.version')
  for engine in postgres mariadb; do
    fresh $engine
    local at; at=$(url $engine postgresql mysql2)
    DATABASE_URL=$at ruby -e '
      require "active_record"
      ActiveRecord::Base.establish_connection(ENV["DATABASE_URL"])
      ActiveRecord::MigrationContext.new(ARGV[0], ActiveRecord::SchemaMigration).migrate
      ' "$fixtures/rails/migrate"
    dump $engine rails/$engine.sql "Rails (ActiveRecord) $version"
  done
}

for tool in "${@:-dbmate flyway liquibase golang_migrate alembic sqitch rails}"; do
  for one in $tool; do "${one}_"; done
done
fresh postgres; psql -qX -d postgres -c "DROP DATABASE $name"
maria -e "DROP DATABASE $name"
