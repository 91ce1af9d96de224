namespace MatterNano.RadioBridge;

/// <summary>Frames of the simulated radio: type u8, length u16, payload.</summary>
internal static class Frame
{
    public const byte Advertise = 0x01;
    public const byte AdvertiseStop = 0x02;
    public const byte Connect = 0x10;
    public const byte Connected = 0x11;
    public const byte Disconnect = 0x12;
    public const byte WriteC1 = 0x20;
    public const byte WriteC1Done = 0x21;
    public const byte SubscribeC2 = 0x22;
    public const byte SubscribeC2Done = 0x23;
    public const byte IndicateC2 = 0x24;
    public const byte ConfirmC2 = 0x25;
    public const byte ReadC3 = 0x26;
    public const byte ReadC3Done = 0x27;
}
