-- Which letters have keywords: labels are few among them, and are looked for by hand.
CREATE INDEX place_keywords ON place (mail_id, keywords) WHERE keywords IS NOT NULL;
