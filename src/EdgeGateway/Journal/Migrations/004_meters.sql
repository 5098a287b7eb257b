-- What the site's own meters showed.

-- A row a meter and minute. Time comes first: a minute's rows of all meters lie together and cost one page (FIELD pain 12).
create table meter_sample (
    at        integer not null,             -- when it was read
    meter     text    not null,
    energy_wh integer not null,             -- import register
    export_wh integer,
    power_w   any,
    crc       integer not null,
    primary key (at, meter)
) strict, without rowid;

-- The newest of each, and of which device: what counters are held against after a restart.
create table meter_newest (
    meter     text    primary key,
    at        integer not null,
    energy_wh integer not null,
    template  text,
    serial    text,
    crc       integer not null
) strict, without rowid;

create view meter_samples as
    select datetime(at / 1000, 'unixepoch') as at, meter, energy_wh, power_w from meter_sample order by meter_sample.at desc;
