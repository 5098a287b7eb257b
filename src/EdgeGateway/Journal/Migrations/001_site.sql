-- Times are UTC milliseconds; what a charger told stays text, exactly as it was told. Energies are whole Wh.
-- Tables are for the program; the views at the end are for people.

create table site (
    id           integer primary key check (id = 1),
    seed         blob    not null check (length(seed) = 32),
    next_session integer not null,
    next_order   integer not null,
    created      integer not null,
    clean        integer not null           -- 1 only after an orderly end
) strict;

create table station (
    id              text    not null primary key collate nocase,
    admission       text    not null,
    connected       integer not null,
    line_changed    integer not null,
    protocol        text,
    remote          text,
    vendor          text,
    model           text,
    serial          text,
    firmware        text,
    meter           text,
    iccid           text,
    booted          integer,
    clock_offset_ms integer,
    latest_start    text                    -- as told
) strict;

create table connector (
    station           text    not null collate nocase,
    evse              integer not null,
    connector         integer not null,
    state             text    not null,
    error_code        text,
    info              text,
    vendor_error_code text,
    since             integer not null,
    received          integer not null,
    primary key (station, evse, connector)
) strict, without rowid;

create table session (
    number           integer primary key,   -- the transactionId
    id               text    not null unique,
    status           text    not null,
    station          text    not null collate nocase,
    evse             integer not null,
    connector        integer not null,
    id_tag           text    not null,
    hub              text,
    started_at       integer not null,
    start_told       text,
    start_received   integer not null,
    meter_start_wh   integer,
    ended_at         integer,
    end_told         text,
    end_received     integer,
    meter_stop_wh    integer,
    stop_reason      text,
    stop_id_tag      text,
    energy_wh        integer not null,
    register_wh      integer,
    register_base_wh integer,
    flags            integer not null,
    end_inferred     integer,
    end_due          integer,
    last_owed        integer not null,
    last_updated     integer not null,
    crc              integer not null       -- CRC-32C over all of the above
) strict;
create index session_open on session (number) where status in ('Pending', 'Active');
create index session_by_start on session (station, start_told, meter_start_wh);
create index session_by_update on session (hub, last_updated, id);

-- What was frozen at a session's start: place, tariff, authorization.
create table session_terms (
    number        integer primary key,
    terms         text    not null,
    authorization text    not null,
    crc           integer not null
) strict;

create table course (
    session   integer not null,
    n         integer not null,
    at        integer not null,
    energy_wh integer,
    activity  integer not null,             -- 0 charging, 1 parking
    power_w   any,
    current_a any,
    crc       integer not null,
    primary key (session, n)
) strict, without rowid;

create table signed_reading (
    session integer not null,
    n       integer not null,
    at      integer not null,
    nature  text    not null,
    data    text    not null,
    crc     integer not null,
    primary key (session, n)
) strict, without rowid;

create table cdr (
    number     integer primary key,
    id         text    not null unique,
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
create index cdr_by_creation on cdr (hub, created, id);

-- The bytes each hub was sent, stored before the first attempt, and what it answered in the end.
create table cdr_sent (
    id        text    not null,
    hub       text    not null,
    body      blob,
    crc       integer,
    frozen    integer,
    delivered integer,
    receipt   text,
    primary key (id, hub)
) strict, without rowid;

-- What is owed to whom. held: a CDR whose session has yet to go.
create table outbox (
    id         integer primary key autoincrement,
    hub        text    not null,
    kind       integer not null,            -- 0 tariff, 1 location, 2 EVSE status, 3 session, 4 CDR
    object     text    not null,
    version    integer not null,
    attempts   integer not null,
    due        integer not null,
    state      text    not null check (state in ('waiting', 'held', 'refused')),
    last_error text,
    since      integer not null,
    unique (object, kind, hub)
) strict;
create index outbox_ready on outbox (hub, due, id) where state = 'waiting' and kind >= 3;
create index outbox_refused on outbox (id) where state = 'refused';
create index outbox_first on outbox (hub, kind, id) where state = 'waiting' and kind <= 2;

-- Figures per hub, kept by the triggers below, so that a backlog of a million costs nothing to count.
create table backlog (
    hub           text    not null primary key,
    waiting       integer not null default 0,
    refused       integer not null default 0,
    last_delivery integer
) strict, without rowid;
create trigger outbox_added after insert on outbox begin
    insert into backlog (hub, waiting, refused) values (new.hub, new.state <> 'refused', new.state = 'refused')
        on conflict (hub) do update set waiting = waiting + excluded.waiting, refused = refused + excluded.refused;
end;
create trigger outbox_removed after delete on outbox begin
    update backlog set waiting = waiting - (old.state <> 'refused'), refused = refused - (old.state = 'refused') where hub = old.hub;
end;
create trigger outbox_moved after update of state on outbox when (old.state = 'refused') <> (new.state = 'refused') begin
    update backlog set waiting = waiting + (new.state <> 'refused') - (old.state <> 'refused'),
                       refused = refused + (new.state = 'refused') - (old.state = 'refused') where hub = new.hub;
end;

create table admission (
    id      text    not null primary key,
    station text    not null,
    until   integer not null,
    record  text    not null
) strict, without rowid;

create table stamp (
    object       text    not null primary key,
    fingerprint  text    not null,
    last_updated integer not null
) strict, without rowid;

-- EVSEs as hubs were last shown them: one that is taken from the configuration is REMOVED to them, never gone.
create table shown_evse (
    uid    text not null primary key collate nocase,
    record text not null
) strict, without rowid;

create table token (
    uid           text    not null collate nocase,
    hub           text    not null,
    country_code  text    not null collate nocase,
    party_id      text    not null collate nocase,
    type          text    not null,
    contract_id   text,
    visual_number text,
    issuer        text,
    group_id      text,
    valid         integer not null,
    whitelist     text    not null,
    language      text,
    last_updated  integer not null,
    primary key (uid, hub, country_code, party_id, type)
) strict, without rowid;

create table document (
    name    text    not null primary key,
    json    text    not null,
    updated integer not null
) strict, without rowid;

create table reading (
    id        integer primary key,
    received  integer not null,
    station   text    not null,
    evse      integer not null,
    connector integer not null,
    session   integer,
    told      integer,
    energy_wh integer,
    power_w   any,
    current_a any,
    text      text    not null,
    context   text,
    signed    text
) strict;

-- total: bytes of all frames ever kept, up to and with this one; so the size of what is left is a subtraction.
create table frame (
    id        integer primary key,
    at        integer not null,
    station   text    not null,
    direction integer not null,             -- 0 in, 1 out, 2 the line itself
    text      text    not null,
    note      text,
    total     integer not null
) strict;

create table event (
    id       integer primary key,
    at       integer not null,
    severity text    not null,
    code     text    not null,
    subject  text    not null,
    text     text    not null
) strict;

create view stations as
    select s.id, s.admission, iif(s.connected, 'yes', 'no') as connected, datetime(s.line_changed / 1000, 'unixepoch') as since, s.protocol, s.remote,
           s.vendor, s.model, s.firmware, datetime(s.booted / 1000, 'unixepoch') as booted,
           (select group_concat(c.evse || '/' || c.connector || ' ' || c.state || coalesce(' ' || nullif(c.error_code, 'NoError'), ''), ', ')
            from connector c where c.station = s.id) as connectors
    from station s order by s.id;

create view sessions as
    select number, id, status, station || '/' || evse || '/' || connector as place,
           iif(length(id_tag) > 6, substr(id_tag, 1, 2) || '…' || substr(id_tag, -2), '…') as tag, hub,
           datetime(started_at / 1000, 'unixepoch') as started, datetime(ended_at / 1000, 'unixepoch') as ended,
           energy_wh, meter_start_wh, meter_stop_wh, stop_reason, flags, datetime(last_updated / 1000, 'unixepoch') as updated
    from session order by number desc;

create view open_sessions as
    select number, id, status, station || '/' || evse || '/' || connector as place,
           iif(length(id_tag) > 6, substr(id_tag, 1, 2) || '…' || substr(id_tag, -2), '…') as tag, hub,
           datetime(started_at / 1000, 'unixepoch') as started, energy_wh, register_wh, flags, datetime(last_updated / 1000, 'unixepoch') as updated
    from session where status in ('Pending', 'Active') order by number;

create view cdrs as
    select c.number, c.id, datetime(c.created / 1000, 'unixepoch') as created, c.station, c.energy_wh, c.total, c.currency, c.hub,
           case when c.hub is null then 'site only' when d.delivered is not null then 'delivered' when o.state = 'refused' then 'refused'
                else 'waiting' end as delivery,
           datetime(d.delivered / 1000, 'unixepoch') as delivered, d.receipt, o.attempts, o.last_error
    from cdr c
    left join cdr_sent d on d.id = c.id and d.hub = c.hub
    left join outbox o on o.object = c.id and o.kind = 4 and o.hub = c.hub
    order by c.number desc;

create view owed as
    select id, hub, case kind when 0 then 'tariff' when 1 then 'location' when 2 then 'EVSE status' when 3 then 'session' else 'CDR' end as kind,
           object, state, attempts, datetime(due / 1000, 'unixepoch') as due, last_error, datetime(since / 1000, 'unixepoch') as since
    from outbox order by id;

create view frames as
    select id, strftime('%Y-%m-%d %H:%M:%f', at / 1000.0, 'unixepoch') as at, station,
           case direction when 0 then '<-' when 1 then '->' else '--' end as way, text, note
    from frame order by id desc;

create view readings as
    select id, datetime(received / 1000, 'unixepoch') as received, station || '/' || evse || '/' || connector as place, session, energy_wh, text
    from reading order by id desc;

create view events as
    select id, datetime(at / 1000, 'unixepoch') as at, severity, code, subject, text from event order by id desc;

create view storage as
    select p.page_count * s.page_size / 1048576.0 as size_mb, f.freelist_count * s.page_size / 1048576.0 as free_mb, v.user_version as version,
           coalesce((select max(id) from frame) - (select min(id) from frame) + 1, 0) as frames,
           coalesce((select max(id) from reading) - (select min(id) from reading) + 1, 0) as readings,
           (select count(*) from session) as sessions, (select count(*) from cdr) as cdrs, (select sum(waiting) from backlog) as waiting,
           (select sum(refused) from backlog) as refused
    from pragma_page_count p, pragma_page_size s, pragma_freelist_count f, pragma_user_version v;
