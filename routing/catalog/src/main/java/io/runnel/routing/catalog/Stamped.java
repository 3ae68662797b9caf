package io.runnel.routing.catalog;

/**
 * A record and where in its origin's log it stands: what an ETag is made of.
 *
 * @param seq the sequence number of the record that said so last
 */
public record Stamped<T extends CatalogRecord>(T value, long seq) {}
