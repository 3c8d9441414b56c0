//! What the resident's app and the desk share: messages, API client, components.
