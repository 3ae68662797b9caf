/**
 * What a node notes of its calls: a bounded record of what was decided, by which inputs, and what
 * came of it (US11762703: both the decision and its inputs are kept for each request); and meters.
 */
package io.runnel.routing.journal;
