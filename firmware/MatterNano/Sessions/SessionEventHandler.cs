namespace MatterNano.Sessions;

/// <summary>Something happened to a secure session. An exception thrown by a listener is counted and goes no further.</summary>
public delegate void SessionEventHandler(SecureSession session);
