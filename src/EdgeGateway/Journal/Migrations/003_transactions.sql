-- Transactions that stations name and number themselves (OCPP 2.x), in any order; inputs that were set aside.

-- Part of the row's checksum where it is not null: so those of older rows hold.
alter table session add column station_transaction text;
create index session_by_transaction on session (station, station_transaction) where station_transaction is not null;

-- What each event of such a transaction told, in order of arrival: the session is retold from all of them when one comes late.
create table heard_event (
    session integer not null,
    n       integer not null,
    record  text    not null,               -- all of it, as JSON
    crc     integer not null,
    primary key (session, n)
) strict, without rowid;

-- Messages of chargers that a rule of ours stumbled over each time they came: answered, kept in full, and for a person to look at.
create table parked (
    id      integer primary key,
    at      integer not null,
    station text    not null,
    kind    text    not null,
    content text    not null,               -- what tells it from other messages, for people and for repeats
    record  text    not null,               -- all of it, as JSON
    number  integer,                        -- the transactionId that it was answered with
    because text    not null
) strict;

create view parked_messages as
    select id, datetime(at / 1000, 'unixepoch') as at, station, kind, number, because, content from parked order by id desc;
