/**
 * The TensorFlow backend: a provider, buffers in TensorFlow's resource variables, and graphs lowered to one TensorFlow graph each.
 * It speaks to TensorFlow's C interface alone; gradients, layers and optimizers arrive as graphs and have no place here.
 */
package dev.cambium.tensorflow;
