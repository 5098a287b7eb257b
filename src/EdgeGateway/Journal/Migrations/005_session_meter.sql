-- What the site's own meter says of a session, and whether it is billed by it. Only sessions at an EVSE with such a meter have a row; its values are part
-- of their session's checksum, so those of older rows hold.
create table session_meter (
    number        integer primary key,
    counts        integer not null,         -- 1: billed by it; 0: by the charger's own
    start_wh      integer,
    register_wh   integer,
    base_wh       integer,
    energy_wh     integer not null,
    at            integer,
    serial        text,
    own_energy_wh integer not null,         -- by the charger's own register, while that only checks
    own_at        integer,
    own_serial    text
) strict;

create view session_meters as
    select s.number, s.id, s.station || '/' || s.evse || '/' || s.connector as place, iif(m.counts, 'site', 'charger') as counted, s.energy_wh,
           m.energy_wh as site_wh, iif(m.counts, m.own_energy_wh, s.energy_wh) as charger_wh, m.serial, datetime(m.at / 1000, 'unixepoch') as last_read
    from session_meter m join session s on s.number = m.number order by s.number desc;
