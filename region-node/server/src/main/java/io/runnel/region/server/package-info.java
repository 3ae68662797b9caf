/**
 * A region's node, composed: it holds everything, answers the control API, and runs what POPs
 * forward (US11762703).
 */
package io.runnel.region.server;
