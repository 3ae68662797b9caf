/**
 * The way in that POPs and regions share: what is called, by whom, and whether it may be. A region
 * decides it again for each forwarded call, by the same code as the POP before it.
 */
package io.runnel.routing.edge;
