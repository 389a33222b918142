/** Who an event says that it comes from; rules match on it, and the role of the publisher may use no other. */
export const eventSource = 'client-registration'
