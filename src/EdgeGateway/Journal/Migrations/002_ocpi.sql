-- Reservations, several CDRs per session (credits and corrections), CDRs frozen per version of the protocol, EVSEs shown per hub.

-- They name the tables that are remade below; the new ones stand at the end.
drop view cdrs;
drop view storage;
drop view open_sessions;

alter table site add column next_reservation integer not null default 1;

create table reservation (
    number integer primary key,             -- what OCPP knows as reservationId
    record text    not null,                -- all of it, as JSON
    crc    integer not null
) strict;

-- Part of the row's checksum where it is not null: so those of older rows hold.
alter table session add column reserved_at integer;
alter table course add column state_of_charge any;

drop index session_open;
create index session_open on session (number) where status in ('Pending', 'Active', 'Reservation');

-- number is the session's, as before; several CDRs of one session differ in their ids.
create table cdr_002 (
    entry      integer primary key,         -- in order of issue
    number     integer not null,
    id         text    not null unique,
    kind       text    not null default 'original' check (kind in ('original', 'credit', 'correction')),
    credit_of  text,                        -- the CDR that it credits or corrects
    hub        text,
    created    integer not null,
    started_at integer not null,
    ended_at   integer,
    station    text    not null collate nocase,
    energy_wh  integer not null,
    currency   text    not null,
    total      text    not null,            -- without VAT, exact
    record     text    not null,            -- all of it, as JSON, never changed
    crc        integer not null
) strict;
insert into cdr_002 (number, id, hub, created, started_at, ended_at, station, energy_wh, currency, total, record, crc)
    select number, id, hub, created, started_at, ended_at, station, energy_wh, currency, total, record, crc from cdr order by number;
drop table cdr;
alter table cdr_002 rename to cdr;
create index cdr_by_creation on cdr (hub, created, id);
create index cdr_by_session on cdr (number);
create unique index cdr_original on cdr (number) where kind = 'original';

-- What a hub answered in the end, in whatever version it was sent: what was delivered in one is never sent again in another.
create table cdr_delivered (
    id        text    not null,
    hub       text    not null,
    delivered integer not null,
    receipt   text,
    primary key (id, hub)
) strict, without rowid;
insert into cdr_delivered (id, hub, delivered, receipt) select id, hub, delivered, receipt from cdr_sent where delivered is not null;

-- The bytes each hub was sent, per version of the protocol, stored before the first attempt.
create table cdr_sent_002 (
    id      text    not null,
    hub     text    not null,
    version text    not null,
    body    blob    not null,
    crc     integer not null,
    frozen  integer not null,
    primary key (id, hub, version)
) strict, without rowid;
insert into cdr_sent_002 (id, hub, version, body, crc, frozen)
    select id, hub, '2.2.1', body, coalesce(crc, -1), coalesce(frozen, delivered, 0) from cdr_sent where body is not null;
drop table cdr_sent;
alter table cdr_sent_002 rename to cdr_sent;

-- An EVSE alone was kept before; every hub that was known then was shown it. What is no JSON stays: it is told as damaged when it is read.
update shown_evse set record = json_object('evse', json(record), 'hubs', json((
    select json_group_array(name) from (
        select distinct substr(name, 5) as name from document where name like 'hub/_%' and instr(substr(name, 5), '/') = 0 order by 1))))
where json_valid(record) and json_type(record, '$.evse') is null;

alter table token add column default_profile text;
alter table token add column energy_supplier text;
alter table token add column energy_contract text;

create view open_sessions as
    select number, id, status, station || '/' || evse || '/' || connector as place,
           iif(length(id_tag) > 6, substr(id_tag, 1, 2) || '…' || substr(id_tag, -2), '…') as tag, hub,
           datetime(reserved_at / 1000, 'unixepoch') as reserved, datetime(started_at / 1000, 'unixepoch') as started, energy_wh, register_wh, flags,
           datetime(last_updated / 1000, 'unixepoch') as updated
    from session where status in ('Pending', 'Active', 'Reservation') order by number;

create view reservations as
    select number, record ->> '$.hub' as hub, record ->> '$.partyReservationId' as reservation,
           (record ->> '$.at.station') || '/' || (record ->> '$.at.evse') || '/' || (record ->> '$.at.connector') as place,
           record ->> '$.stage' as stage, record ->> '$.expires' as expires, record ->> '$.sessionNumber' as session
    from reservation order by number;

create view cdrs as
    select c.number, c.id, c.kind, c.credit_of, datetime(c.created / 1000, 'unixepoch') as created, c.station, c.energy_wh, c.total, c.currency, c.hub,
           case when c.hub is null then 'site only' when d.delivered is not null then 'delivered' when o.state = 'refused' then 'refused'
                else 'waiting' end as delivery,
           datetime(d.delivered / 1000, 'unixepoch') as delivered, d.receipt, o.attempts, o.last_error
    from cdr c
    left join cdr_delivered d on d.id = c.id and d.hub = c.hub
    left join outbox o on o.object = c.id and o.kind = 4 and o.hub = c.hub
    order by c.entry desc;

create view storage as
    select p.page_count * s.page_size / 1048576.0 as size_mb, f.freelist_count * s.page_size / 1048576.0 as free_mb, v.user_version as version,
           coalesce((select max(id) from frame) - (select min(id) from frame) + 1, 0) as frames,
           coalesce((select max(id) from reading) - (select min(id) from reading) + 1, 0) as readings,
           (select count(*) from session) as sessions, (select count(*) from cdr) as cdrs, (select sum(waiting) from backlog) as waiting,
           (select sum(refused) from backlog) as refused
    from pragma_page_count p, pragma_page_size s, pragma_freelist_count f, pragma_user_version v;
