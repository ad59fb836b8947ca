-- When the result of an order became final: figures of turnaround are taken by it, without reading whole orders.
ALTER TABLE orders ADD COLUMN final_at TEXT CHECK (final_at GLOB '????-??-??T??:??:??.??????Z');

-- The body writes as many decimals as it needs, the column always six.
UPDATE orders SET final_at = substr(body ->> '$.final_at', 1, 19) || '.'
    || substr(replace(substr(body ->> '$.final_at', 21), 'Z', '') || '000000', 1, 6) || 'Z'
WHERE body ->> '$.final_at' IS NOT NULL;

CREATE INDEX orders_final ON orders (final_at, id)
    WHERE final_at IS NOT NULL;
