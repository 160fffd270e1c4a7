# Writes a row a second, with the password that works: the current one, or the one before while a rotation is under way.
set -u
# Not a word about the table that exists already.
export PGOPTIONS="-c client_min_messages=warning"
query() {
  PGPASSWORD=$(cat "/run/secrets/$1") psql --quiet --tuples-only --no-align --host postgres --username app postgres \
    --command "create table if not exists beat (at timestamptz default now()); insert into beat default values; select count(*) from beat"
}
while :; do
  if rows=$(query password 2>&1); then
    echo "current: $rows"
  else
    why=$rows
    if rows=$(query previous 2>&1); then
      echo "previous: $rows"
    else
      echo "failed: $why"
    fi
  fi
  sleep 1
done
