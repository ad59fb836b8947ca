-- When the result of an order became final: figures of turnaround are taken by it, without reading whole orders.
ALTER TABLE orders ADD COLUMN final_at timestamptz;

UPDATE orders SET final_at = (body ->> 'final_at')::timestamptz
WHERE body ->> 'final_at' IS NOT NULL;

CREATE INDEX orders_final ON orders (final_at, id)
    WHERE final_at IS NOT NULL;
