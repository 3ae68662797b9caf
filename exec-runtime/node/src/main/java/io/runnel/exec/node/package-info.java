/**
 * The process of a node, a POP's or a region's: its arguments, its folder, the lifeline to whoever
 * started it, and a clean end.
 */
package io.runnel.exec.node;
